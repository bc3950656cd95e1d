export { readNpz } from '../weights/numpy/npz';
